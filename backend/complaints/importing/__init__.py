"""Real input: the files of a call centre or of CİMER become complaints."""

from backend.complaints.importing.report import Outcome, Report, RowResult
from backend.complaints.importing.running import import_file
from backend.complaints.importing.runs import bring, start_import, stop_import

__all__ = ["Outcome", "Report", "RowResult", "bring", "import_file", "start_import", "stop_import"]
