"""The rules of ``fastsmote.advise`` as one table: when a rule holds, what it says, why, and who says so.

Of the rules on the topic "action" the first that holds decides; of the others all that hold are given, in
the order of the table. Texts are formatted with the fields of ``Findings``. What the decision guides leave
open, and where they contradict each other, are rules too (topic "guides"). Numbers that no source gives are
ours, and the reason says so.
"""

from collections.abc import Callable
from typing import NamedTuple

from fastsmote._diagnosis.findings import FEWEST, NOISE, Findings

_BALANCED, _MODERATE, _SEVERE = 0.30, 0.10, 0.05
_SAFE = 0.90
_SMALL = 10_000
_PER_FEATURE = 10


class Rule(NamedTuple):
    """A rule of the table; ``when`` takes the findings and the action that was decided on, "" before."""

    name: str
    topic: str
    when: Callable[[Findings, str], bool]
    advice: str
    reason: str
    sources: tuple[str, ...]  # keys of SOURCES
    action: str = ""


SOURCES = {
    "Kaye 2023": "Kaye, M. (2023). Balancing Classes in Classification Problems (And why it's generally a "
    "bad idea). Article.",
    "Jordan 2018": "Jordan, J. (2018). Learning from imbalanced data. Article.",
    "guide": "Handling Class Imbalance. Tutorial with a decision guide by share, size and model family.",
    "chapter": "Imbalance. Book chapter: why imbalance breaks training and metrics, four classic mistakes.",
    "van den Goorbergh 2022": "van den Goorbergh, R., van Smeden, M., Timmerman, D. and Van Calster, B. "
    "(2022). The harm of class imbalance corrections for risk prediction models. JAMIA 29, 1525-1534. "
    "doi:10.1093/jamia/ocac093",
    "Han 2005": "Han, H., Wang, W.-Y. and Mao, B.-H. (2005). Borderline-SMOTE. ICIC, 878-887. "
    "doi:10.1007/11538059_91",
    "Napierala 2016": "Napierala, K. and Stefanowski, J. (2016). Types of minority class examples and their "
    "influence on learning classifiers from imbalanced data. J. Intell. Inf. Syst. 46, 563-597. "
    "doi:10.1007/s10844-015-0368-1",
    "Chawla 2002": "Chawla, N. V., Bowyer, K. W., Hall, L. O. and Kegelmeyer, W. P. (2002). SMOTE. JAIR 16, "
    "321-357. doi:10.1613/jair.953",
    "Blagus 2013": "Blagus, R. and Lusa, L. (2013). SMOTE for high-dimensional class-imbalanced data. BMC "
    "Bioinformatics 14, 106. doi:10.1186/1471-2105-14-106",
    "Lin 2017": "Lin, T.-Y., Goyal, P., Girshick, R., He, K. and Dollar, P. (2017). Focal loss for dense "
    "object detection. ICCV. doi:10.1109/ICCV.2017.324",
    "Saito 2015": "Saito, T. and Rehmsmeier, M. (2015). The precision-recall plot is more informative than "
    "the ROC plot when evaluating binary classifiers on imbalanced datasets. PLOS ONE 10, e0118432. "
    "doi:10.1371/journal.pone.0118432",
    "Peduzzi 1996": "Peduzzi, P., Concato, J., Kemper, E., Holford, T. R. and Feinstein, A. R. (1996). A "
    "simulation study of the number of events per variable in logistic regression analysis. J. Clin. "
    "Epidemiol. 49, 1373-1379. doi:10.1016/S0895-4356(96)00236-3",
    "Dal Pozzolo 2015": "Dal Pozzolo, A., Caelen, O., Johnson, R. A. and Bontempi, G. (2015). Calibrating "
    "probability with undersampling for unbalanced classification. SSCI. doi:10.1109/SSCI.2015.33",
    "definition": "Follows from the definition.",
}

_FIRST = "Fit the data as they are and move the threshold; if that ranks too poorly, "
_CHANGES = ("weights", "smote", "under-sample")

RULES = (
    Rule(
        "few-rows",
        "action",
        lambda f, _: f.n_minority < FEWEST,
        "Collect more rows of class {minority!r} before anything else.",
        "{n_minority} are too few to learn from or to measure with: each of 5 folds holds at most 2. "
        "Resampling adds no information.",
        ("chapter",),
        "collect",
    ),
    Rule(
        "balanced",
        "action",
        lambda f, _: f.share >= _BALANCED,
        "Do nothing to the data; move the threshold.",
        "With {share:.1%} beside {majority!r} class {minority!r} is not rare; an article's model of data at "
        "34 % was calibrated as it was, and balancing only raised its probabilities.",
        ("Kaye 2023",),
        "nothing",
    ),
    Rule(
        "separated",
        "action",
        lambda f, _: f.safe >= _SAFE,
        "Do nothing to the data; move the threshold.",
        "{safe:.1%} of the rows asked of class {minority!r} have mostly their own class around them, and "
        "imbalance hardly hurts where classes are clearly separated (from 90 % on, a number of ours).",
        ("Jordan 2018", "Napierala 2016"),
        "nothing",
    ),
    Rule(
        "trees",
        "action",
        lambda f, _: f.model == "trees",
        "Do nothing to the data; move the threshold, and calibrate the scores.",
        "Tree ensembles often handle imbalance natively, and resampling distorts their probabilities too.",
        ("guide", "Kaye 2023"),
        "nothing",
    ),
    Rule(
        "neural",
        "action",
        lambda f, _: f.model == "neural",
        _FIRST + "use focal loss or class weights.",
        "For large networks a change of the loss often does more than resampling.",
        ("guide", "chapter", "Lin 2017"),
        "weights",
    ),
    Rule(
        "noise",
        "action",
        lambda f, _: f.noise >= NOISE,
        _FIRST + "use class weights, not interpolation; look at the labels of the isolated rows.",
        "{noise:.1%} of the rows asked of {minority!r} have none of their class among the {n_neighbors} "
        "nearest: SMOTE would draw lines across the majority (from 30 % on, a number of ours).",
        ("Han 2005", "Napierala 2016", "chapter"),
        "weights",
    ),
    Rule(
        "moderate",
        "action",
        lambda f, _: f.share >= _SEVERE,
        _FIRST + "use class weights.",
        "Class {minority!r} has {share:.1%} beside {majority!r}; weights do what over-sampling does without "
        "new rows.",
        ("guide", "chapter"),
        "weights",
    ),
    Rule(
        "large",
        "action",
        lambda f, _: f.is_large,
        _FIRST + "under-sample the majority (random_under_sample, balanced_subsets) or use class weights.",
        "With {n_minority:,} rows of {minority!r} among {n_rows:,} there are rows of {majority!r} to spare, "
        "and models fit sooner.",
        ("guide", "Dal Pozzolo 2015"),
        "under-sample",
    ),
    Rule(
        "wide",
        "action",
        lambda f, _: f.n_features >= f.n_minority,
        _FIRST + "use class weights, not SMOTE.",
        "With {n_features} features and {n_minority} rows of class {minority!r} SMOTE does not help most "
        "classifiers.",
        ("Blagus 2013",),
        "weights",
    ),
    Rule(
        "small",
        "action",
        lambda f, _: f.n_rows < _SMALL,
        _FIRST + "use smote on the train part, not all the way (sampling_strategy=0.1 to 0.5).",
        "Class {minority!r} has {share:.1%} beside {majority!r}, and of {n_rows:,} rows none are to spare.",
        ("guide", "Chawla 2002"),
        "smote",
    ),
    Rule(
        "severe",
        "action",
        lambda f, _: True,
        _FIRST + "use class weights, then smote, and keep what ranks better.",
        "Class {minority!r} has {share:.2%} beside {majority!r}; {n_rows:,} rows are neither few nor many.",
        ("guide", "chapter"),
        "weights",
    ),
    Rule(
        "gap-30-50",
        "guides",
        lambda f, action: f.share >= _BALANCED and action == "nothing",
        "No guide names a method for a minority of 30-50 %.",
        "Filled with the article that fits such data as they are.",
        ("guide", "Kaye 2023"),
    ),
    Rule(
        "gap-5-10",
        "guides",
        lambda f, action: _SEVERE <= f.share < _MODERATE and action not in ("nothing", "collect"),
        "No guide names a method for a minority of 5-10 %.",
        "Treated like 10-30 %, whose method (class weights) changes least.",
        ("guide",),
    ),
    Rule(
        "balance-or-not",
        "guides",
        lambda f, action: action in _CHANGES,
        "Sources disagree: compare with the model of the unchanged data, on held-out rows.",
        "The guide would weight or resample; others found no better ranking and worse probabilities.",
        ("guide", "Kaye 2023", "van den Goorbergh 2022"),
    ),
    Rule(
        "severe-or-large",
        "guides",
        lambda f, action: f.share < _SEVERE and f.is_large and action in _CHANGES,
        "The guide answers twice: SMOTE with class weights below 5 %, under-sampling for large data.",
        "It does not say what large is; 100,000 rows with 1,000 in the minority are taken here.",
        ("guide",),
    ),
    Rule(
        "smote-and-weights",
        "guides",
        lambda f, action: f.share < _SEVERE and action == "smote",
        "SMOTE together with class weights means partial SMOTE, then weights for the rest.",
        "After SMOTE to equal counts balanced weights are all 1.",
        ("guide",),
    ),
    Rule(
        "family",
        "guides",
        lambda f, action: f.model == "trees" and f.share < _BALANCED and action == "nothing",
        "By the share of the minority the guide would weight or over-sample; by the model family not.",
        "It does not say which counts more; the family is taken here.",
        ("guide",),
    ),
    Rule(
        "conflicting",
        "data",
        lambda f, _: f.n_conflicting > 0,
        "Look at the {n_conflicting:,} rows that equal a row of another class.",
        "No model can tell them apart: they limit every score.",
        ("definition",),
    ),
    Rule(
        "repeated",
        "data",
        lambda f, _: f.n_repeated > 0,
        "Keep equal rows on one side of every split, and check with leakage_report.",
        "{n_repeated:,} rows ({repeated_share:.1%}) repeat an earlier one, which may be in the other part.",
        ("chapter",),
    ),
    Rule(
        "missing",
        "data",
        lambda f, _: f.n_incomplete > 0,
        "Fill missing values within each train part, or use smote(missing='nan-euclidean').",
        "{n_incomplete:,} rows miss a value, in columns {missing_columns}.",
        ("definition",),
    ),
    Rule(
        "categories",
        "data",
        lambda f, _: len(f.categorical_columns) > 0,
        "Where you over-sample, use smotenc (smoten where all columns are categories), not smote on codes.",
        "Between two categories there is nothing: columns {categorical_columns}.",
        ("Chawla 2002", "chapter"),
    ),
    Rule(
        "times",
        "data",
        lambda f, _: len(f.time_columns) > 0,
        "Pass a number in place of dates or times, such as the days since a first day, or drop them.",
        "Between them nothing is measured: smote and all that look at neighbours refuse {time_columns}, and "
        "here they were compared for being equal only.",
        ("definition",),
    ),
    Rule(
        "not-compared",
        "data",
        lambda f, _: f.minority not in f.surroundings,
        "See for yourself how the classes overlap.",
        "Neighbours of class {minority!r} were not looked at: too few different complete rows, or no numeric "
        "column.",
        ("definition",),
    ),
    Rule(
        "small-classes",
        "data",
        lambda f, action: bool(f.small_classes) and (action != "collect" or len(f.counts) > 2),
        "Merge, leave out or collect more of the classes with fewer than 10 rows: {small_classes}.",
        "Each of 5 folds holds at most 2 of them, and smote with its 5 neighbours needs 6.",
        ("definition",),
    ),
    Rule(
        "other-noise",
        "data",
        lambda f, _: len(f.noisy_classes) > 0,
        "Do not interpolate these classes either: {noisy_classes}.",
        "30 % or more of their rows have none of their class among their {n_neighbors} nearest.",
        ("Napierala 2016",),
    ),
    Rule(
        "events",
        "data",
        lambda f, _: FEWEST <= f.n_minority < _PER_FEATURE * f.n_features and f.model in (None, "linear"),
        "For a linear model, use fewer features or a penalty.",
        "{n_minority:,} rows of class {minority!r} are fewer than 10 for each of {n_features} features.",
        ("Peduzzi 1996",),
    ),
    Rule(
        "threshold",
        "evaluation",
        lambda f, _: True,
        "Choose the threshold on held-out rows: best_threshold, or cost_threshold for unequal costs.",
        "0.5 is a convention; moving it reaches what balancing does to precision and recall.",
        ("chapter", "van den Goorbergh 2022"),
    ),
    Rule(
        "split-first",
        "evaluation",
        lambda f, action: action in _CHANGES,
        "Split first (stratified), then resample the train part only.",
        "Synthetic and repeated rows in the test part invent scores; it keeps the real share of classes.",
        ("chapter",),
    ),
    Rule(
        "ranking",
        "evaluation",
        lambda f, _: f.share < _BALANCED,
        "Judge by average precision, and precision and recall at the threshold, not by accuracy.",
        "Always saying {majority!r} is right in {majority_rate:.2%}; guessing finds {minority!r} with "
        "precision {minority_rate:.3g}.",
        ("guide", "chapter", "Saito 2015"),
    ),
    Rule(
        "correct",
        "evaluation",
        lambda f, action: action in _CHANGES,
        "Correct the probabilities after weights or resampling: correct_prior, then a calibration curve. "
        "Those of trees after over-sampling calibrate instead: fit_beta on rows that trained nothing.",
        "Both move the base rate that the model learns, and all probabilities with it; trees hardly learn "
        "what new rows add, and correct_prior takes it back all the same.",
        ("Kaye 2023", "Dal Pozzolo 2015"),
    ),
)
