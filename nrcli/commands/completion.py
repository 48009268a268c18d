"""`nrcli completion`: a script by which a shell completes commands, options and files.

Rule of this file: the script is made from the commands as they are and asks nobody while a person
types: no program is started for a press of the tab key. What is only known to a node (sites, calls)
is not completed.
"""

import sys
import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.models import ArgumentInfo, OptionInfo

FILES = "files"
ANYTHING = ""
Words = dict[str, str]
"By place (` policy list`): words with blanks between."
Callback = Callable[..., Any]


class Shell(StrEnum):
    """Shells that a script is made for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


@dataclass(slots=True)
class Tree:
    """What may be written where."""

    words: Words = field(default_factory=dict)
    "Commands and options at each place."
    values: Words = field(default_factory=dict)
    "By `place|--option`: its values, FILES, or ANYTHING that is not known here."
    files: list[str] = field(default_factory=list)
    "Places whose arguments may be files."


def completion_of(app: typer.Typer) -> Callback:
    """The command for the commands of `app`."""

    def completion(
        shell: Annotated[Shell, typer.Argument(help="For which shell.")],
    ) -> None:
        """Write a script that completes commands, as in: eval "$(nrcli completion bash)"."""
        sys.stdout.write(SCRIPTS[shell](tree_of(app)))

    return completion


def tree_of(app: typer.Typer) -> Tree:
    """Everything that the commands of `app` take."""
    tree = Tree()
    _group(tree, app, "")
    return tree


def _group(tree: Tree, app: typer.Typer, place: str) -> None:
    named = [
        (str(command.name or _name(command.callback)), command.callback)
        for command in app.registered_commands
        if not command.hidden
    ]
    groups = [(str(group.name), group.typer_instance) for group in app.registered_groups]
    own = app.registered_callback.callback if app.registered_callback else None
    words = [name for name, _ in (*named, *groups)]
    tree.words[place] = " ".join([*words, *_taken(tree, own, place), "--help"])
    for name, callback in named:
        inner = f"{place} {name}"
        tree.words[inner] = " ".join([*_taken(tree, callback, inner), "--help"])
    for name, group in groups:
        if group is not None:
            _group(tree, group, f"{place} {name}")


def _name(callback: Callback | None) -> str:
    return getattr(callback, "__name__", "").replace("_", "-")


def _taken(tree: Tree, callback: Callback | None, place: str) -> Iterator[str]:
    """Long options and known arguments of one command; their values are noted in the tree."""
    hints = typing.get_type_hints(callback, include_extras=True) if callback else {}
    for name, hint in hints.items():
        told = next(
            (one for one in _extras(hint) if isinstance(one, ArgumentInfo | OptionInfo)), None
        )
        if told is None or told.hidden:
            continue
        kind = _kind(typing.get_args(hint)[0])
        if isinstance(told, OptionInfo):
            names = _names(name, told, is_flag=kind is None)
            yield from (one for one in names if one.startswith("--"))
            if kind is not None:
                tree.values |= {f"{place}|{one}": kind for one in names}
        elif kind == FILES:
            tree.files.append(place)
        else:
            yield from (kind or "").split()


def _extras(hint: Any) -> tuple[Any, ...]:
    return typing.get_args(hint)[1:] if typing.get_origin(hint) is Annotated else ()


def _names(name: str, told: OptionInfo, *, is_flag: bool) -> list[str]:
    """How an option is written, as typer makes it of a parameter's name."""
    decls = (told.default, *(told.param_decls or ()))
    written = [one for one in decls if isinstance(one, str) and one.startswith("-")]
    if written:
        return [part for one in written for part in one.split("/")]
    long = "--" + name.strip("_").replace("_", "-")
    return [long, long.replace("--", "--no-", 1)] if is_flag else [long]


def _kind(hint: Any) -> str | None:
    """What a value of this type may be; None: it is a flag and takes none."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) in (list, typing.Union):
        return _kind(next(one for one in typing.get_args(hint) if one is not type(None)))
    if typing.get_origin(hint) is typing.Literal:
        return " ".join(map(str, typing.get_args(hint)))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return " ".join(str(one.value) for one in hint)
    if hint is bool:
        return None
    return FILES if hint is Path else ANYTHING


# ---- scripts ------------------------------------------------------------------------------------


def _cases(words: Words, line: str) -> str:
    return "\n".join(line.format(place=place, words=text) for place, text in words.items())


def bash(tree: Tree) -> str:
    """For bash 4 and later."""
    return _FOR_BASH.format(
        places="|".join(f'"{place}"' for place in tree.words if place),
        with_value="|".join(f'"{name}"' for name in tree.values),
        values=_cases(_shown(tree), '        "{place}") words="{words}" ;;'),
        value_files=_either(name for name, kind in tree.values.items() if kind == FILES),
        words=_cases(tree.words, '        "{place}") words="{words}" ;;'),
        files=_either(tree.files),
    )


def zsh(tree: Tree) -> str:
    """For zsh; `$path` has a meaning of its own there."""
    return _FOR_ZSH.format(
        places="|".join(f'"{place}"' for place in tree.words if place),
        with_value="|".join(f'"{name}"' for name in tree.values),
        values=_cases(_shown(tree), '        "{place}") compadd -- {words}; return ;;'),
        value_files=_either(name for name, kind in tree.values.items() if kind == FILES),
        words=_cases(tree.words, '        "{place}") compadd -- {words} ;;'),
        files=_either(tree.files),
    )


def fish(tree: Tree) -> str:
    """For fish."""
    return _FOR_FISH.format(
        places=" ".join(f'"{place}"' for place in tree.words if place),
        with_value=" ".join(f'"{name}"' for name in tree.values),
        values=_cases(_shown(tree), '        case "{place}"\n            printf "%s\\n" {words}'),
        value_files=_each(name for name, kind in tree.values.items() if kind == FILES),
        words=_cases(tree.words, '        case "{place}"\n            printf "%s\\n" {words}'),
        files=_each(tree.files),
    )


def _shown(tree: Tree) -> Words:
    """Values that can be listed."""
    return {name: kind for name, kind in tree.values.items() if kind not in (FILES, ANYTHING)}


def _either(names: Iterator[str] | list[str]) -> str:
    return "|".join(f'"{name}"' for name in names) or '"-"'


def _each(names: Iterator[str] | list[str]) -> str:
    return " ".join(f'"{name}"' for name in names) or '"-"'


_FOR_BASH = """\
# Completes nrcli in bash. Made by `nrcli completion bash`: make it anew after an upgrade.
_nrcli() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
    local place="" at=1 words=""
    COMPREPLY=()
    while (( at < COMP_CWORD )); do
        case "$place|${{COMP_WORDS[at]}}" in
        {with_value}) (( at += 2 )); continue ;;
        esac
        case "$place ${{COMP_WORDS[at]}}" in
        {places}) place+=" ${{COMP_WORDS[at]}}" ;;
        esac
        (( at += 1 ))
    done
    if (( at > COMP_CWORD )); then
        case "$place|$before" in
        {value_files}) compopt -o filenames; COMPREPLY=( $(compgen -f -- "$word") ); return ;;
{values}
        esac
        COMPREPLY=( $(compgen -W "$words" -- "$word") )
        return
    fi
    case "$place" in
{words}
    esac
    COMPREPLY=( $(compgen -W "$words" -- "$word") )
    case "$place" in
    {files})
        if [[ $word != -* ]]; then
            compopt -o filenames
            COMPREPLY=( $(compgen -f -- "$word") )
        fi ;;
    esac
}}
complete -F _nrcli nrcli
"""
_FOR_ZSH = """\
#compdef nrcli
# Completes nrcli in zsh. Made by `nrcli completion zsh`: make it anew after an upgrade.
_nrcli() {{
    local place="" at=2
    while (( at < CURRENT )); do
        case "$place|${{words[at]}}" in
        {with_value}) (( at += 2 )); continue ;;
        esac
        case "$place ${{words[at]}}" in
        {places}) place+=" ${{words[at]}}" ;;
        esac
        (( at += 1 ))
    done
    if (( at > CURRENT )); then
        case "$place|${{words[CURRENT-1]}}" in
        {value_files}) _files; return ;;
{values}
        esac
        return
    fi
    case "$place" in
    {files}) [[ ${{words[CURRENT]}} == -* ]] || _files ;;
    esac
    case "$place" in
{words}
    esac
}}
compdef _nrcli nrcli
"""
_FOR_FISH = """\
# Completes nrcli in fish. Made by `nrcli completion fish`: make it anew after an upgrade.
function __nrcli_words
    set -l place ""
    set -l value ""
    for word in (commandline -opc)[2..-1]
        if test -n "$value"
            set value ""
            continue
        end
        if contains -- "$place|$word" {with_value}
            set value "$place|$word"
        else if contains -- "$place $word" {places}
            set place "$place $word"
        end
    end
    if contains -- "$value" {value_files}
        __fish_complete_path (commandline -ct)
    end
    switch "$value"
        case "?*"
            switch "$value"
{values}
            end
            return
    end
    if contains -- "$place" {files}
        __fish_complete_path (commandline -ct)
    end
    switch "$place"
{words}
    end
end
complete -c nrcli -f -a "(__nrcli_words)"
"""
SCRIPTS: dict[Shell, Callable[[Tree], str]] = {
    Shell.BASH: bash,
    Shell.ZSH: zsh,
    Shell.FISH: fish,
}
