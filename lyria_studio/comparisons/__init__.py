"""Comparisons of prompts: what differs, what to beware of, what to order; without any screen."""

from lyria_studio.comparisons.cautions import (
    Caution,
    Kind,
    cautions_of_takes,
    cautions_of_variants,
)
from lyria_studio.comparisons.differences import Differences, differences, model_name, sent
from lyria_studio.comparisons.lanes import joined, lane_names
from lyria_studio.comparisons.plan import (
    Job,
    Plan,
    expected_id,
    plan_missing,
    plan_replacement,
    plan_sketch,
    price_of,
    price_of_missing,
    price_split,
    replaceable,
    usable,
)
from lyria_studio.comparisons.sketch import DEFAULT_TAKES, Sketch, Spot, fits
from lyria_studio.comparisons.standing import Standing, lost_orders, standing

__all__ = [
    "DEFAULT_TAKES",
    "Caution",
    "Differences",
    "Job",
    "Kind",
    "Plan",
    "Sketch",
    "Spot",
    "Standing",
    "cautions_of_takes",
    "cautions_of_variants",
    "differences",
    "expected_id",
    "fits",
    "joined",
    "lane_names",
    "lost_orders",
    "model_name",
    "plan_missing",
    "plan_replacement",
    "plan_sketch",
    "price_of",
    "price_of_missing",
    "price_split",
    "replaceable",
    "sent",
    "standing",
    "usable",
]
