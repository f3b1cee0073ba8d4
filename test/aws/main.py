"""moto's server with an ECS whose tasks live: they start, get healthy or do not, and die with a reason.

Started in place of `moto_server`, with the same arguments, by whichever Python has moto. Everything else is moto's own.
Tests say what becomes of tasks over HTTP, see fate.py. Where AWS's behaviour is not documented, a comment says so.
"""

import images
import operations
import rules
import switch
from moto.server import main

if __name__ == "__main__":
    images.install()
    operations.install()
    rules.install()
    switch.install()
    main()
