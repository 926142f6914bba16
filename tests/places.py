"""Where things stand that tests read: the repository, data of its pages and benchmarks, data beside it."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
DATA = REPOSITORY / "docs" / "data"
SHARED = REPOSITORY.parent / "shared" / "data"
MAMMOGRAPHY = REPOSITORY / "asv_bench" / "benchmarks" / "mammography.npz"
