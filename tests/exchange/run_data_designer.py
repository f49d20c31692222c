"""Run by Data Designer's own Python: load an exported config and fill its columns for some rows.

    python run_data_designer.py CONFIG SEEDS BASE_URL FOLDER

Prints one JSON line a row. The package autoevol is not needed here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from data_designer.config.config_builder import DataDesignerConfigBuilder
from data_designer.config.models import ModelConfig, ModelProvider
from data_designer.config.seed_source import LocalFileSeedSource
from data_designer.interface import DataDesigner


def main() -> None:
    config, seeds, base_url, folder = sys.argv[1:]
    provider = ModelProvider(name="here", endpoint=base_url, api_key="k")
    model = ModelConfig(alias="evolver", model="m", provider="here", skip_health_check=True)
    builder = DataDesignerConfigBuilder.from_config(config)
    builder.add_model_config(model)
    builder.with_seed_dataset(LocalFileSeedSource(path=seeds))
    rows = len(Path(seeds).read_text(encoding="utf-8").splitlines())
    designer = DataDesigner(artifact_path=folder, model_providers=[provider])
    made = designer.preview(builder, num_records=rows).dataset
    for row in made.to_dict(orient="records"):
        print("row " + json.dumps({key: str(value) for key, value in row.items()}))


if __name__ == "__main__":
    main()
