"""A port of its own for monitors (OZELKALEM_MONITOR_PORT): whether this process lives, and what it has counted.

    pulse = probes.listen(PORT)
    while work():
        pulse.beat()

For processes that stand alone, as in containers: the job worker and the stream are asked there too, to which no proxy
leads, and no probe of the web waits for one of its threads.
"""

from backend.core.operation.probes.listener import listen
from backend.core.operation.probes.pulse import Pulse
from backend.core.operation.probes.token import bears_metrics_token

PORT_IN_USE = "The port of OZELKALEM_MONITOR_PORT is in use: each process needs one of its own."

__all__ = ["PORT_IN_USE", "Pulse", "bears_metrics_token", "listen"]
