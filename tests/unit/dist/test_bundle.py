from pathlib import Path

from tools.dist.bundle import prune


def _put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_of_the_sdk_the_models_of_our_services_are_left(tmp_path: Path) -> None:
    data = "botocore/data"
    kept = [
        f"{data}/ecs/2014/service-2.json.gz",
        f"{data}/partitions.json",
        "ecsdeploy/cli.py",
        "click.dist-info/METADATA",
        "markupsafe/_native.py",
    ]
    gone = [f"{data}/s3/2006/service-2.json.gz", f"{data}/ecs/2014/examples-1.json.gz", f"{data}/endpoints.json.gz"]
    compiled = ["markupsafe/_speedups.cpython-311-x86_64-linux-gnu.so", "markupsafe/_speedups.c"]
    of_the_installer = ["bin/ecs-deploy", "click.dist-info/RECORD", "ecsdeploy.dist-info/direct_url.json"]
    _put(tmp_path, *kept, *gone, *compiled, *of_the_installer)
    prune(tmp_path, ["ecs"])
    assert sorted(str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*") if each.is_file()) == sorted(kept)
