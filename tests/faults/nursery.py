"""Starts the product again and again from one process that has imported everything already: in 30 ms instead of 900.

It reads one JSON line for each start, `{"arguments": [...], "environment": {...}}`, runs one product at a time, writes
`started PID`, whatever the product prints, and `ended STATUS` (negative for a signal).
"""

import importlib
import json
import os
import sys
import traceback
from types import ModuleType


def main() -> None:
    """Its own argument is the module of the product."""
    product = importlib.import_module(sys.argv[1])
    for line in sys.stdin:
        wanted = json.loads(line)
        print(end="", flush=True)  # or the child would print it too
        child = os.fork()
        if child == 0:
            be_the_product(product, wanted["arguments"], wanted["environment"])
        print(f"started {child}", flush=True)
        _, status = os.waitpid(child, 0)
        print(f"ended {os.waitstatus_to_exitcode(status)}", flush=True)


def be_the_product(product: ModuleType, arguments: list[str], environment: dict[str, str]) -> None:
    """Does not return, so that nothing of the parent is cleaned up twice."""
    os.environ.update(environment)
    os.close(0)
    status = 1
    try:
        product.run(arguments)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
