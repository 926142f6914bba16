"""Every name of the top level and the module it comes from: what editors read, and ``__init__.py`` too.

A ``*`` stands for the samplers of a face, which the registry of samplers names.
"""

from . import (
    advice as advice,
    bootstrap as bootstrap,
    borderline as borderline,
    calibration as calibration,
    classification as classification,
    cleaning as cleaning,
    compiled as compiled,
    datasets as datasets,
    dask as dask,
    files as files,
    imblearn as imblearn,
    leakage as leakage,
    losses as losses,
    metrics as metrics,
    neighbors as neighbors,
    oversample as oversample,
    plan as plan,
    plot as plot,
    priors as priors,
    resample as resample,
    select as select,
    sklearn as sklearn,
    streaming as streaming,
    thresholds as thresholds,
    undersample as undersample,
    weights as weights,
)
from .advice import (
    Advice as Advice,
    advise as advise,
)
from .bootstrap import (
    BootstrapResult as BootstrapResult,
    bootstrap_difference as bootstrap_difference,
    bootstrap_interval as bootstrap_interval,
)
from .borderline import *
from .calibration import (
    BetaCalibrator as BetaCalibrator,
    BrierDecomposition as BrierDecomposition,
    CalibrationCurve as CalibrationCurve,
    IsotonicCalibrator as IsotonicCalibrator,
    PlattCalibrator as PlattCalibrator,
    StreamingCalibration as StreamingCalibration,
    TemperatureCalibrator as TemperatureCalibrator,
    VennAbersCalibrator as VennAbersCalibrator,
    brier_decomposition as brier_decomposition,
    brier_score as brier_score,
    calibration_curve as calibration_curve,
    expected_calibration_error as expected_calibration_error,
    fit_beta as fit_beta,
    fit_isotonic as fit_isotonic,
    fit_platt as fit_platt,
    fit_temperature as fit_temperature,
    fit_venn_abers as fit_venn_abers,
    log_loss as log_loss,
)
from .classification import (
    accuracy_score as accuracy_score,
    balanced_accuracy_score as balanced_accuracy_score,
    classification_report as classification_report,
    classification_report_imbalanced as classification_report_imbalanced,
    confusion_matrix as confusion_matrix,
    f1_score as f1_score,
    fbeta_score as fbeta_score,
    geometric_mean_score as geometric_mean_score,
    macro_averaged_mean_absolute_error as macro_averaged_mean_absolute_error,
    make_index_balanced_accuracy as make_index_balanced_accuracy,
    matthews_corrcoef as matthews_corrcoef,
    precision_recall_fscore_support as precision_recall_fscore_support,
    precision_score as precision_score,
    recall_score as recall_score,
    sensitivity_score as sensitivity_score,
    sensitivity_specificity_support as sensitivity_specificity_support,
    specificity_score as specificity_score,
)
from .cleaning import *
from .compiled import (
    Warmup as Warmup,
    warmup as warmup,
)
from .datasets import (
    make_fraud as make_fraud,
    make_imbalance as make_imbalance,
)
from .imblearn._patch import (
    PatchReport as PatchReport,
    patch_imblearn as patch_imblearn,
    patch_report as patch_report,
    patched_imblearn as patched_imblearn,
    unpatch_imblearn as unpatch_imblearn,
)
from .leakage import (
    LeakageReport as LeakageReport,
    leakage_report as leakage_report,
)
from .losses import (
    FocalObjective as FocalObjective,
    cross_entropy_objective as cross_entropy_objective,
    focal_loss as focal_loss,
    focal_loss_derivatives as focal_loss_derivatives,
    weighted_cross_entropy as weighted_cross_entropy,
    weighted_cross_entropy_derivatives as weighted_cross_entropy_derivatives,
)
from .metrics import (
    CutPoint as CutPoint,
    Sweep as Sweep,
    average_precision_score as average_precision_score,
    confusion_matrix_at_thresholds as confusion_matrix_at_thresholds,
    confusion_sweep as confusion_sweep,
    det_curve as det_curve,
    precision_at as precision_at,
    precision_recall_curve as precision_recall_curve,
    roc_auc_score as roc_auc_score,
    roc_curve as roc_curve,
)
from .neighbors import (
    NeighborIndex as NeighborIndex,
    ValueDifferenceMetric as ValueDifferenceMetric,
    nearest_neighbors as nearest_neighbors,
)
from .oversample import *
from .plan import (
    SyntheticPlan as SyntheticPlan,
)
from .priors import (
    PriorEstimate as PriorEstimate,
    correct_prior as correct_prior,
    correct_prior_from as correct_prior_from,
    estimate_prior as estimate_prior,
    logit_offset as logit_offset,
)
from .resample import *
from .resample import (
    Prior as Prior,
    Resampled as Resampled,
    Share as Share,
    apply as apply,
)
from .sklearn import (
    Comparison as Comparison,
    compare as compare,
)
from .streaming import (
    StreamingSweep as StreamingSweep,
)
from .thresholds import (
    Savings as Savings,
    ThresholdChoice as ThresholdChoice,
    best_threshold as best_threshold,
    calibrated_threshold as calibrated_threshold,
    class_thresholds as class_thresholds,
    cost_decisions as cost_decisions,
    cost_threshold as cost_threshold,
    row_cost_threshold as row_cost_threshold,
    savings as savings,
    threshold_at as threshold_at,
    threshold_decisions as threshold_decisions,
)
from .undersample import *
from .weights import (
    BalancedSubsets as BalancedSubsets,
    balanced_subsets as balanced_subsets,
    class_weights as class_weights,
    sample_weights as sample_weights,
    weighted_entropy as weighted_entropy,
)

__version__: str
