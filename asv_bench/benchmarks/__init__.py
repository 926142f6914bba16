"""fastsmote beside the libraries that it is measured against; ASV_SKIP_SLOW=1 drops large sizes."""
