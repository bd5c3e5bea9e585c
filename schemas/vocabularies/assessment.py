"""How learning and its assessment take place: lists of the European Learning Model 3."""

from schemas.vocabularies.vocabulary import Vocabulary

ASSESSMENT_TYPES = Vocabulary(
    "assessment types",
    scheme="http://data.europa.eu/snb/assessment/25831c2",
    base="http://data.europa.eu/snb/assessment/",
    labels={
        "19a2e5e671": "peer assessment",
        "2939dae15f": "marked assignment",
        "3484bd7e51": "continuous evaluation",
        "4f03b91c0e": "portfolio",
        "56539a6507": "group performance",
        "6a4db9f11d": "practical assessment",
        "6e6cb2cc78": "written examination",
        "7331eb4762": "level of attendance",
        "795dac4096": "project work",
        "812e3b0ae1": "peer review",
        "b1b68f6735": "quiz",
        "c4256a2726": "problem based learning",
        "d30284d7df": "oral examination",
        "de4d165a6c": "artefact assessment",
    },
)
"""Types of assessment (ELM `dcType` of an assessment specification)."""

LEARNING_MODES = Vocabulary(
    "modes of learning and assessment",
    scheme="http://data.europa.eu/snb/learning-assessment/25831c2",
    base="http://data.europa.eu/snb/learning-assessment/",
    labels={
        "729f3bed4b": "Workbased",
        "7813801c77": "Project based",
        "9191af2ed9": "Presential",
        "920fbb3cbe": "Online",
        "e92d221e4d": "Blended",
        "ed4c557045": "Research-Lab based",
    },
)
"""Modes of learning and assessment (ELM `mode`)."""

SUPERVISION_VERIFICATION = Vocabulary(
    "supervision and identity verification",
    scheme="http://data.europa.eu/snb/supervision-verification/25831c2",
    base="http://data.europa.eu/snb/supervision-verification/",
    labels={
        "df2880c5cb": "Unsupervised with ID Verification",
        "c598449d64": "Unsupervised without ID Verification",
        "70be69aaf9": "Supervised with ID Verification",
        "44314532f9": "Supervised without ID Verification",
    },
    notations={
        "df2880c5cb": "nosupid",
        "c598449d64": "nosupnoid",
        "70be69aaf9": "supid",
        "44314532f9": "supnoid",
    },
)
"""Supervision and identity verification during assessment (ELM `idVerification`)."""
