"""Build hook: compiles the kernels for each level of processors and puts the machine code into the wheel.

``FASTSMOTE_PREBUILT=0 pip wheel .`` leaves it out: a pure wheel, for every Python and machine.
``FASTSMOTE_PREBUILT=x86-64-v3`` compiles for this level alone. An editable install never has any.
"""

import os
import sys
import tempfile
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class MachineCode(BuildHookInterface):
    """A folder of machine code for each level."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile into a temporary folder, which goes into the wheel."""
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from fastsmote._core.compilers import compile_all
        from fastsmote._kernels import shipped, signatures

        self._made = tempfile.TemporaryDirectory()
        everything = range(len(signatures.stored().signatures))
        for level in shipped.chosen_levels():
            folder = os.path.join(self._made.name, level)
            compile_all(everything, os.cpu_count() or 1, self._told(level), shipped.for_level(level, folder))
            build_data["force_include"][folder] = f"fastsmote/_kernels/{shipped.FOLDER.name}/{level}"
            build_data["pure_python"], build_data["infer_tag"] = False, True

    def _told(self, level: str) -> Any:
        return lambda done: self.app.display_info(f"{level}: {done} kernels")

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the folder."""
        if version != "editable":
            self._made.cleanup()
