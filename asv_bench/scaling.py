"""Print the table of docs/scaling.md: ``python scaling.py`` in ``asv_bench``."""

from benchmarks import scaling, schedule


def _row(name):
    """Of a function: cells by the names of their columns."""
    call = scaling.CALLS[name]()
    call()  # compiles, or loads, the kernels
    recording, seconds = schedule.record(call), schedule.thread_seconds()
    predicted = {cores: recording.speedup(cores, *seconds) for cores in scaling.CORES}
    measured = scaling.measured_speedup(call, 2)
    return {
        "function": name,
        "one thread": f"{recording.total:.3g} s",
        "outside blocks": f"{recording.serial / recording.total:.1%}",
        "blocks": f"{recording.n_blocks:,}",
        **{f"{cores} cores": f"{times:.1f}" for cores, times in predicted.items()},
        "2 measured": f"{measured:.2f}",
        "measured / predicted": f"{measured / predicted[2]:.2f}",
    }


def _print(cells):
    print("|", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    for i, name in enumerate(scaling.CALLS):
        row = _row(name)
        if i == 0:
            _print(row)
            _print(["---"] * len(row))
        _print(row.values())
