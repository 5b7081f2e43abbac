"""Holds lines of the AWS CLI to the service models that AWS publishes: prints what is wrong with each, or nothing."""

import shlex
import sys

import botocore.session
from botocore import xform_name

# Of the CLI itself.
GLOBAL = {"query", "output", "region", "profile"}

session = botocore.session.get_session()


def faults(words):
    # The CLI's own name for the operations of S3 as they are; "s3" are commands of its own.
    service, operation, options = words[1].replace("s3api", "s3"), words[2], words[3:]
    if service not in session.get_available_services():
        return [f"no service {service}"]
    model = session.get_service_model(service)
    if operation == "wait":
        waiters = session.get_waiter_model(service)
        names = {xform_name(name, "-"): name for name in waiters.waiter_names}
        waiter = options.pop(0)
        if waiter not in names:
            return [f"{service} cannot wait for {waiter}"]
        operation = waiters.get_waiter(names[waiter]).operation
    else:
        names = {xform_name(name, "-"): name for name in model.operation_names}
        if operation not in names:
            return [f"{service} has no {operation}"]
        operation = names[operation]
    shape = model.operation_model(operation).input_shape
    members = shape.members if shape else {}
    known = {}
    for name, member in members.items():
        option = xform_name(name, "-")
        known[option] = name
        if member.type_name == "boolean":
            known["no-" + option] = name
    given = [word[2:].split("=")[0] for word in options if word.startswith("--")]
    wrong = [f"{service} {operation} has no --{name}" for name in given if name not in known and name not in GLOBAL]
    there = {known.get(name) for name in given}
    missing = [name for name in (shape.required_members if shape else []) if name not in there]
    return wrong + [f"{service} {operation} needs {name}" for name in missing]


for line in open(sys.argv[1], encoding="utf-8"):
    for fault in faults(shlex.split(line)):
        print(f"{fault}: {line.strip()}")
