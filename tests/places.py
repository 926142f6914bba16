"""Where things stand that tests read: the repository, its benchmarks' data, and data beside it."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared" / "data"
MAMMOGRAPHY = REPOSITORY / "asv_bench" / "benchmarks" / "mammography.npz"
