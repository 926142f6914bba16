"""Gives wheels with machine code for Linux the tag that the package index takes.

A manylinux tag promises that the wheel needs no symbol newer than that glibc. auditwheel looks for this in
shared libraries, and refuses wheels that have none. Ours hold object files, which LLVM links in the process:
what they need is looked up by name alone, without a version, in CPython, numba and the C library. This reads
the names.
"""

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from elftools.elf.elffile import ELFFile

DIST = Path(__file__).resolve().parents[1] / "dist"
GLIBC = "2_17"  # the oldest that indexes know by number; numba's own wheels ask for more
# CPython, numba, and what every C library has
ALLOWED = re.compile(r"_?Py\w+|numba_\w+|memcpy|memmove|memset|cos|exp|log|log1p|sin")
MAGIC = b"\x7fELF"


def needed(data: bytes) -> set[str]:
    """Names that the object file in an entry of the cache looks for elsewhere."""
    table = ELFFile(io.BytesIO(data[data.index(MAGIC) :])).get_section_by_name(".symtab")
    return {symbol.name for symbol in table.iter_symbols() if symbol["st_shndx"] == "SHN_UNDEF"} - {""}


def main() -> None:
    """Read the code of each wheel for Linux in ``dist``, and rename the wheel."""
    for path in sorted(DIST.glob("*-linux_*.whl")):
        with zipfile.ZipFile(path) as wheel:
            entries = [name for name in wheel.namelist() if name.endswith(".nbc")]
            names = set().union(*(needed(wheel.read(entry)) for entry in entries))
        if foreign := sorted(name for name in names if not ALLOWED.fullmatch(name)):
            sys.exit(f"{path.name} needs {', '.join(foreign)}: allow what glibc {GLIBC} has.")
        machine = path.stem.rpartition("-linux_")[2]
        tag = f"manylinux_{GLIBC}_{machine}"
        subprocess.run(
            (sys.executable, "-m", "wheel", "tags", "--remove", "--platform-tag", tag, path), check=True
        )
        print(f"{len(entries)} entries of {path.name} need {len(names)} names, all of them allowed: {tag}")


if __name__ == "__main__":
    main()
