"""Subclasses of pandas' frames and columns, as geopandas has them."""

import pandas as pd


class Column(pd.Series):
    _metadata = ("crs",)

    @property
    def _constructor(self):
        return Column


class Frame(pd.DataFrame):
    """A frame of a name that no library knows, whose constructor takes what pandas does not know."""

    _metadata = ("crs",)

    def __init__(self, data, crs, **options):
        super().__init__(data, **options)
        self.crs = crs

    @property
    def _constructor(self):
        return _frame

    @property
    def _constructor_sliced(self):
        return Column


def _frame(data, *args, **options):
    made = Frame.__new__(Frame)
    pd.DataFrame.__init__(made, data, *args, **options)
    return made


def framed(frame):
    """A plain frame as a ``Frame`` with a ``crs`` and ``attrs``."""
    made = Frame(frame, "EPSG:4326")
    made.attrs["source"] = "survey"
    return made
