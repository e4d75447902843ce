"""Skill against service time: the same models before and after they were made faster.

Used by lesson 04. It knows a chart, and no model.
"""

import altair as alt
import pandas as pd

from lessons_lib import charts

WAYS = {"scikit-learn": "dynamic", "ONNX Runtime": "hybrid"}
"""What ran the models before and after, and whose colour each takes."""


def frontier_chart(skill: pd.Series, before: pd.Series, after: pd.Series) -> alt.LayerChart:
    """Skill against the service time of one row, every model twice.

    Parameters
    ----------
    skill : Series
        Of each model, by name.
    before, after : Series
        Seconds for one row, by the same names: in scikit-learn and in ONNX Runtime. A model whose
        time stayed the same was not exported, and stands once.
    """
    before, after = before[skill.index], after[skill.index]
    runs = zip(WAYS, (before, after[after != before]), strict=True)
    rows = [pd.DataFrame({"skill": skill[s.index], "seconds": s, "by": way}) for way, s in runs]
    points = pd.concat(rows).rename_axis("model").reset_index()
    scale = alt.Scale(type="log", domain=[1e-6, 1.0])
    chart = alt.Chart(points, title="The floor has moved").encode(
        alt.X("seconds:Q", scale=scale, axis=charts.duration_axis(title="service time of one row")),
        alt.Y("skill:Q", title="skill", scale=alt.Scale(domain=[0, 0.18])),
    )
    marks = chart.mark_point(size=90).encode(
        **charts.cues("by", WAYS, mark="point", title="run by")
    )
    # One name a model, beside its slower twin, so that close models stay readable.
    names = chart.transform_filter(alt.datum.by == "scikit-learn")
    best = float(skill.max())
    beside = names.transform_filter(alt.datum.skill < best).mark_text(align="left", dx=9, dy=4)
    above = names.transform_filter(alt.datum.skill == best).mark_text(dy=-12)
    text = [layer.encode(text="model:N") for layer in (beside, above)]
    return alt.layer(marks, *text).properties(width=560, height=300)
