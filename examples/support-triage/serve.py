"""Serves one GGUF file as an OpenAI-compatible endpoint on the loopback address, with the parameters of the recording.

    python serve.py GGUF MODEL_NAME PORT [THREADS]

Needs xllamacpp (version in RECORDING.md). One process per model keeps the arms independent of each other.
"""

from __future__ import annotations

import signal
import sys
import time

import xllamacpp


def parameters(gguf: str, name: str, port: int, threads: int) -> xllamacpp.CommonParams:
    """One slot and no prompt cache: batching changes sums, and a reused prefix makes the second latency lie."""
    chosen = xllamacpp.CommonParams()
    chosen.model.path = gguf
    chosen.model_alias = {name}
    chosen.hostnames = ["127.0.0.1"]
    chosen.port = port
    chosen.n_ctx = 2048
    chosen.n_parallel = 1
    chosen.cache_prompt = False
    chosen.cache_ram_mib = 0
    chosen.n_gpu_layers = 0
    chosen.cpuparams.n_threads = threads
    chosen.cpuparams_batch.n_threads = threads
    chosen.offline = True
    chosen.ui = False
    return chosen


def main(gguf: str, name: str, port: int, threads: int) -> None:
    """Serve until the process is told to stop."""
    server = xllamacpp.Server(parameters(gguf, name, port, threads))
    print(f"ready: {name} at {server.listening_address}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while True:
        time.sleep(1)


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) == 5 else 2)
