"""What is tried with the language server that editors use needs npm, and so runs only by night (`GUIDE_NIGHT=1`)."""

import os

collect_ignore = [] if os.environ.get("GUIDE_NIGHT") == "1" else ["test_completion.py"]
