"""Writes what CloudFormation makes of a SAM template, without an account or a network.

Usage: transform.py template.yaml transformed.json [Parameter=value ...] [-- another.json [Parameter=value ...]] ...
"""

import json
import sys

from samcli.yamlhelper import yaml_parse
from samtranslator.translator.transform import transform


class NoManagedPolicies:
    """Every role is the template's own, so there is no policy to look up."""

    @staticmethod
    def load():
        return {}


def main(source, target, *given):
    with open(source, encoding="utf-8") as file:
        template = yaml_parse(file.read())
    parameters = {
        name: parameter["Default"]
        for name, parameter in template["Parameters"].items()
        if "Default" in parameter
    }
    parameters.update(pair.split("=", 1) for pair in given)
    for resource in template["Resources"].values():
        # As after sam package: the transform takes no local file.
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = "s3://hookwell-test/" + resource["Properties"]["CodeUri"]
    transformed = transform(template, parameters, NoManagedPolicies)
    with open(target, "w", encoding="utf-8") as file:
        json.dump(transformed, file, indent=2)


runs = [[]]
for word in sys.argv[2:]:
    if word == "--":
        runs.append([])
    else:
        runs[-1].append(word)
for run in runs:
    main(sys.argv[1], *run)
