"""The ways of exchange: relay, folder and courier; which serves whom, what waits and why."""
