"""Real input: the files of a call centre or of CİMER become complaints."""

from backend.complaints.importing.report import Outcome, Report, RowResult
from backend.complaints.importing.running import import_file

__all__ = ["Outcome", "Report", "RowResult", "import_file"]
