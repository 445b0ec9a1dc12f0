"""Whether the tests notice when a rule is broken: make mutants, or ``bench/mutants.py gaps deadlines``.

mutmut breaks the code of the rules in one place at a time (a mutant) and runs the tests that came by there. A mutant that
no test fails for has survived: a test is missing, or the change changes nothing, which docs/mutants.md then explains.
Rules and their tests stand in pyproject.toml. Exits with 1 if fewer than 95 % of a rule's mutants are killed or explained.
"""

import fnmatch
import os
import re
import resource
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import libcst as cst
from mutmut import __main__ as mutmut
from mutmut import configuration
from mutmut.mutation import file_mutation, mutators
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files

ROOT = Path(__file__).parent.parent
AT_LEAST = 0.95
KILLED = {"killed", "timeout", "segfault"}
# What the tests read beside the Python code; mutmut runs them in a folder of its own.
BESIDE = ("assets", "bench", "docs", "fixtures", "static", "templates", "requirements", "var", "manage.py", "README.md")
# Decorators whose functions mutmut leaves alone, for it would copy them with their decorators; ours are harmless.
HARMLESS = {"transaction.atomic", "property", "cached_property", "register.filter"}


def removed_arguments(node):
    """f(a, b=c) as f(b=c) and f(a): a condition less in a filter."""
    if len(node.args) > 1:
        for index in range(len(node.args)):
            yield node.with_changes(args=[*node.args[:index], *node.args[index + 1 :]])


def removed_statement(node):
    """A call whose result nobody takes: something that is not done."""
    if isinstance(node.value, cst.Call):
        yield cst.Pass()


def unescaped(node):
    """escape(text) as text."""
    if isinstance(node.func, cst.Name) and node.func.value == "escape":
        yield node.args[0].value


# Not mutmut's own for texts and for None: in Django nearly every one of these is a field that does not exist.
OPERATORS = [
    (cst.BaseNumber, mutators.operator_number),
    (cst.Name, mutators.operator_name),
    (cst.UnaryOperation, mutators.operator_remove_unary_ops),
    (cst.Call, removed_arguments),
    (cst.Call, unescaped),
    (cst.Expr, removed_statement),
    (cst.CSTNode, mutators.operator_keywords),
    (cst.CSTNode, mutators.operator_swap_op),
    (cst.AugAssign, mutators.operator_augmented_assignment),
    (cst.IfExp, mutators.operator_if_exp),
]


def is_harmless(function):
    written = [cst.Module([]).code_for_node(one.decorator) for one in function.decorators]
    return len(written) == 1 and written[0] in HARMLESS


def fit_mutmut():
    """Let mutmut break decorated functions too, in the ways of OPERATORS."""
    file_mutation.mutation_operators[:] = OPERATORS
    skips = file_mutation.MutationVisitor._skip_node_and_children
    arrange = file_mutation.function_trampoline_arrangement

    def skips_but_harmless(visitor, node):
        if isinstance(node, cst.FunctionDef) and is_harmless(node):
            return skips(visitor, node.with_changes(decorators=[]))
        return skips(visitor, node)

    def arranged(function, mutants, class_name):
        if not is_harmless(function):
            return arrange(function, mutants, class_name)
        before, nodes, *after = arrange(function.with_changes(decorators=[]), mutants, class_name)
        chooser = nodes[0].with_changes(decorators=[*function.decorators, *nodes[0].decorators])
        return before, [chooser, *nodes[1:]], *after

    file_mutation.MutationVisitor._skip_node_and_children = skips_but_harmless
    file_mutation.function_trampoline_arrangement = arranged


def keep_one_database():
    """Prepare a database in memory once: every mutant's process begins as a copy of this one and finds it filled."""
    from django.test import utils

    create, created = utils.setup_databases, []

    def once(*args, **kwargs):
        from django.db import connection

        if not created:
            connection.settings_dict["TEST"]["NAME"] = None
            created.append(create(*args, **kwargs))
        return created[0]

    utils.setup_databases = once


def configure(rule):
    """mutmut's settings for one rule: only its modules, only its tests."""
    config = configuration.config()
    config.only_mutate = [module.partition(":")[0] for module in rule["modules"]]
    config.pytest_add_cli_args_test_selection = rule["tests"]
    # the former would take a minute for every mutant, the latter needs a database in a file
    deselected = "not browser and not any_day and not django_db(transaction=True)"
    without = [part for plugin in ("xdist", "cov", "playwright", "cacheprovider") for part in ("-p", f"no:{plugin}")]
    quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # every process begins with what is imported already
    many_rows = "not query_count and not costs"  # how many queries a page takes is no rule, and slow
    config.pytest_add_cli_args = ["-m", deselected, "-k", many_rows, "--reuse-db", *without, *quiet]
    config.timeout_constant = 10.0
    config.track_dependencies = False


def patterns(rule):
    """The names of the rule's mutants: of a module all, or of the function after the colon."""
    parts = [module.partition(":") for module in rule["modules"]]
    dotted = [(path.removesuffix(".py").replace("/", "."), function) for path, _, function in parts]
    return tuple(f"{module}.x*{function}__mutmut_*" for module, function in dotted)


def change(name, path):
    """``(module.function, what it was => what it is)``: says which mutant it is even when others come or go."""
    lines = get_diff_for_mutant(name, path=path).splitlines()[2:]
    was, is_now = (" ".join(line[1:].strip() for line in lines if line[0:1] == sign) for sign in "-+")
    function = name.rpartition("__mutmut_")[0].replace(".x_", ".", 1).replace(".xǁ", ".", 1).replace("ǁ", ".")
    return function, f"{was} => {is_now}"


def explained():
    """The mutants of which docs/mutants.md says why they change nothing."""
    rows = re.findall(r"^\| `(.+?)` \| `(.*?)` \|", (ROOT / "docs" / "mutants.md").read_text(), re.MULTILINE)
    return {(function, line.replace("\\|", "|")) for function, line in rows}


def outcome(rule):
    """Every mutant of the rule as (module.function, change), with its status."""
    for path in walk_mutatable_files():
        found = SourceFileMutationData(path=path)
        found.load()
        for name, code in found.exit_code_by_key.items():
            if any(fnmatch.fnmatch(name, pattern) for pattern in patterns(rule)):
                yield change(name, path), status_by_exit_code[code]


def run(name, rule):
    """Break one rule everywhere; prints what survived and the line for docs/mutants.md."""
    began, cpu = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    shutil.rmtree("mutants", ignore_errors=True)
    Path("mutants").mkdir()
    for beside in BESIDE:
        Path("mutants", beside).symlink_to(Path(beside).absolute())
    fit_mutmut()
    keep_one_database()
    configure(rule)
    part = any(":" in module for module in rule["modules"])
    mutmut._run(patterns(rule) if part else (), max_children=int(os.environ.get("MUTANTS_AT_ONCE", "2")))
    cpu = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - cpu
    known, statuses = explained(), list(outcome(rule))
    survived = [mutant for mutant, status in statuses if status not in KILLED]
    unexplained = [mutant for mutant in survived if mutant not in known]
    score = 1 - len(unexplained) / len(statuses)
    for function, line in survived:
        print(f"{'explained' if (function, line) in known else 'SURVIVED'}: {function}\n    {line}")
    killed = len(statuses) - len(survived)
    print("| rule | mutants | killed | explained | survived | score | seconds, of which CPU |")
    print(
        f"| {name} | {len(statuses)} | {killed} | {len(survived) - len(unexplained)} | {len(unexplained)} "
        f"| {score:.0%} | {time.monotonic() - began:.0f}, {cpu:.0f} |"
    )
    return score >= AT_LEAST


def main(names):
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutants"]
    if len(names) == 1:
        return run(names[0], rules[names[0]])
    # mutmut keeps what it has imported, so that each rule needs a process of its own
    ends = [subprocess.run([sys.executable, __file__, name], check=False).returncode for name in names or rules]
    return not any(ends)


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(not main(sys.argv[1:]))
