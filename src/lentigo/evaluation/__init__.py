"""From predictions to a report or a comparison: figures with intervals, and a page that a person can read."""

from lentigo.evaluation.comparison import Candidate, Comparison
from lentigo.evaluation.figures import Scope, measure
from lentigo.evaluation.files import write_comparison, write_report
from lentigo.evaluation.report import About, Report

__all__ = ["About", "Candidate", "Comparison", "Report", "Scope", "measure", "write_comparison", "write_report"]
