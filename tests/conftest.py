"""What every test shares: the switch for the long proofs, and examples that are the same on every run."""

import pytest
from hypothesis import settings

# No deadline: a busy machine is not a bug. `make test` repeats its examples; `make proofs` seeks new ones.
settings.register_profile("same-every-run", deadline=None, derandomize=True)
settings.register_profile("proofs", deadline=None, max_examples=2_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proofs", action="store_true", help="run the long fault figures, as `make proofs` does")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("proofs" if config.getoption("--proofs") else "same-every-run")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests marked `proofs` unless they were asked for."""
    if config.getoption("--proofs"):
        return
    long = [item for item in items if item.get_closest_marker("proofs")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session")
def proofs(pytestconfig: pytest.Config) -> bool:
    """Whether the long figures are wanted, for a test that kills or races more often then."""
    return bool(pytestconfig.getoption("--proofs"))
