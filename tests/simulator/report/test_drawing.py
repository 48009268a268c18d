import xml.etree.ElementTree as ET

import pytest

from simulator.report.drawing import svg
from simulator.report.pictures import Bars, Content, Differences, Lines, Matrix, Picture, Series

CONTENTS: dict[str, Content] = {
    "lines": Lines(
        x=[8.0, 8.25, 33.0],
        series=(
            Series(name="a", mean=[0.5, None, 0.7], low=[0.4, None, 0.6], high=[0.6, None, 1]),
        ),
        y_label="level",
        share=True,
        target=0.8,
    ),
    "bars": Bars(
        labels=("x", "y"),
        series=(Series(name="a", mean=[1.0, None], low=[0.5, None], high=[2.0, None]),),
        y_label="s",
    ),
    "matrix": Matrix(
        rows=("a", "b"),
        columns=("a", "b"),
        values=((None, 3.0), (12.0, None)),
        row_label="from",
        column_label="to",
        label="calls",
    ),
    "differences": Differences(
        labels=("ASA",),
        mean=(3.0,),
        low=(1.0,),
        high=(5.0,),
        told=("3 s",),
        better=("A",),
        names=("A", "B"),
    ),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_every_kind_of_picture_is_drawn_as_one_svg_element(name: str) -> None:
    picture = Picture(name=name, title="T", caption="", content=CONTENTS[name])
    root = ET.fromstring(svg(picture))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert svg(picture) == svg(picture)
