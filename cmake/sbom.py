#!/usr/bin/env python3
"""Prints an SPDX 2.3 document of what the executables are linked of, and writes their notices.

sbom.py BUILD PREFIX ROOT VERSION DATE > SBOM
What is linked is what CMake's own link commands name and what the compiler adds to them; versions and licences are Debian's,
of its packages or, for the libraries in PREFIX, of its source packages. ROOT is the archive's folder: it holds the stripped
executables, and gets share/doc/baton/THIRD-PARTY-NOTICES. DATE is in seconds.
"""
import datetime
import functools
import glob
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import urllib.parse
import uuid

TOOLS = ("precheck", "migrate", "switch", "watch", "finalize")
# SPDX's names of the licences by Debian's source packages: another library is a decision first.
LICENCES = {
    "cxxopts": "MIT", "expat": "MIT", "fmtlib": "MIT", "gcc-12": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "glibc": "LGPL-2.1-or-later", "libzstd": "BSD-3-Clause", "openssl": "Apache-2.0", "poco": "BSL-1.0",
    "postgresql-15": "PostgreSQL",
    "rapidjson": "MIT", "spdlog": "MIT", "sqlite3": "blessing", "vectorscan": "BSD-3-Clause", "yaml-cpp": "MIT", "zlib": "Zlib",
}
# Libraries that are headers only: no link command names them.
HEADERS_ONLY = ("libcxxopts-dev", "rapidjson-dev")
# The source package of a library in the prefix; libpq is Debian's own, completed.
IN_PREFIX = (("libPoco", "poco"), ("libfmt", "fmtlib"), ("libspdlog", "spdlog"), ("libyaml-cpp", "yaml-cpp"))

build, prefix, root, version, date = sys.argv[1:6]
here = os.path.dirname(os.path.abspath(__file__))
# Of another architecture, Debian's libraries and who they belong to lie in a folder of their own.
sysroot = os.readlink(f"{build}/sysroot") if os.path.islink(f"{build}/sysroot") else ""
DPKG_QUERY = ("dpkg-query", f"--admindir={sysroot}/var/lib/dpkg")


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def link_command(executable):
    """CMake's, as a list: what lies between the shell's no-ops."""
    words = shlex.split(output("ninja", "-C", build, "-t", "commands", "-s", executable).splitlines()[-1])
    begin = words.index("&&") + 1
    return words[begin:words.index("&&", begin)]


def archives_of(executable):
    """Paths of all archives and start-up objects that are not ours; -### is the compiler's own word on what it adds."""
    command = link_command(executable)
    told = subprocess.run([*command, "-###"], check=True, capture_output=True, text=True, cwd=build).stderr
    words = shlex.split(next(line for line in told.splitlines() if "/collect2 " in line))
    found = set()
    for word in words:
        path = os.path.relpath(word, build) if word.startswith(build + "/") else word
        if re.match(r"-l\w", word):
            path = compilers_own(command, f"lib{word[2:]}.a")
        elif os.path.dirname(path) == "slim":  # Debian's own, but for some sections
            path = compilers_own(command, os.path.basename(path))
        elif path.startswith("deps/"):  # the build folder's link to the prefix
            path = prefix + path.removeprefix("deps")
        if re.search(r"\.[ao]$", path) and os.path.isabs(path):
            found.update(named_by(os.path.normpath(path).removeprefix(sysroot)))
    return sorted(found)


def compilers_own(command, name):
    where = [word for word in command if re.match(r"-B|--sysroot=", word)]
    return output(command[0], *where, f"-print-file-name={name}").strip()


@functools.cache
def named_by(path):
    """Itself; of a linker's script the archives in it."""
    with open(path if path.startswith(prefix) else sysroot + path, "rb") as file:
        start = file.read(4096)
    return re.findall(r"[^\s()]+\.a", start.decode()) if start.startswith(b"/* GNU ld script") else [path]


def of_package(package):
    name, its_version = output(*DPKG_QUERY, "-W", "-f", "${source:Package} ${source:Version}", package).split()
    return name, its_version, os.path.realpath(f"{sysroot}/usr/share/doc/{package.split(':')[0]}/copyright")


def of_prefix(path):
    with open(f"{here}/build-deps.sh", encoding="utf-8") as file:
        pinned = dict(pair.split("=") for pair in re.search(r"^sources=\((.*)\)$", file.read(), re.M)[1].split())
    source = next((source for begin, source in IN_PREFIX if os.path.basename(path).startswith(begin)), None)
    if source is None:
        sys.exit(f"sbom: {path} is of no source package that cmake/sbom.py knows")
    return source, pinned[source], glob.glob(f"{prefix}/licenses/{source}-*")[0]


@functools.cache
def component(path):
    """Source package, its version, its copyright file."""
    if path.startswith(prefix + "/") and os.path.basename(path) != "libpq.a":
        return of_prefix(path)
    if path.startswith(prefix + "/"):
        return of_package("libpq-dev")
    owner = subprocess.run([*DPKG_QUERY, "-S", path], check=False, capture_output=True, text=True).stdout
    if not owner:
        sys.exit(f"sbom: {path} is of no Debian package")
    return of_package(owner.split(": ")[0])


def licence_of(source):
    if source not in LICENCES:
        sys.exit(f"sbom: {source} has no licence in cmake/sbom.py: read its terms, then name them there")
    return LICENCES[source]


def package(name, its_version, licence, **more):
    return {"SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name), "name": name, "versionInfo": its_version,
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "licenseConcluded": "NOASSERTION",
            "licenseDeclared": licence, "copyrightText": "NOASSERTION", **more}


def third_party(name, source, its_version):
    purl = f"pkg:deb/debian/{source}@{urllib.parse.quote(its_version, safe='')}?arch=source&distro=bookworm"
    return package(name, its_version, licence_of(source), supplier="Organization: Debian",
                   sourceInfo=f"built from Debian's source package {source} {its_version}",
                   externalRefs=[{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}])


def executable_package(tool):
    with open(f"{root}/bin/baton-{tool}", "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    return package(f"baton-{tool}", version, "Apache-2.0", packageFileName=f"bin/baton-{tool}",
                   checksums=[{"algorithm": "SHA256", "checksumValue": digest}])


def document(linked, headers):
    name = os.path.basename(root)
    whole = package("baton", version, "Apache-2.0", packageFileName=f"{name}.tar.gz")
    packages, relations = [whole], [("SPDXRef-DOCUMENT", "DESCRIBES", whole["SPDXID"])]
    libraries = {path: third_party(os.path.basename(path), *component(path)[:2]) for paths in linked.values() for path in paths}
    for tool, paths in linked.items():
        packages.append(executable_package(tool))
        relations.append((whole["SPDXID"], "CONTAINS", packages[-1]["SPDXID"]))
        relations += [(packages[-1]["SPDXID"], "STATIC_LINK", libraries[path]["SPDXID"]) for path in paths]
    packages += [libraries[path] for path in sorted(libraries)]
    for source, its_version, _ in headers:
        packages.append(third_party(source, source, its_version))
        relations.append((whole["SPDXID"], "DEPENDS_ON", packages[-1]["SPDXID"]))
    content = {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": name,
        "creationInfo": {"created": datetime.datetime.fromtimestamp(int(date), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
                         "creators": [f"Tool: baton-make-dist-{version}"]},
        "packages": packages,
        "relationships": [{"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
                          for one, kind, other in relations],
    }
    # The document's own name in the world is made of what it says, so that the same is said by the same bytes.
    return content | {"documentNamespace": uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(content)).urn}


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def notices(components):
    """`components`: archives by source package, version and copyright file."""
    rule = "=" * 79
    text = ("The executables of Baton hold code of the libraries below, each under its own terms. glibc's let you link them with a\n"
            "glibc of your own: Baton's source and the scripts in it are what that takes (docs/release.md there, \"Relink it\").\n\n")
    for (source, its_version, _), names in sorted(components.items()):
        text += f"{source} {its_version}: {licence_of(source)} ({', '.join(sorted(names))})\n"
    referred = set()
    for (source, its_version, terms), _ in sorted(components.items()):
        if not os.path.exists(terms):
            sys.exit(f"sbom: {terms} is away: this system leaves out its packages' documentation")
        copyright_text = read(terms)
        referred.update(re.findall(r"/usr/share/common-licenses/([A-Za-z0-9.-]*[A-Za-z0-9])", copyright_text))
        text += f"\n{rule}\n{source} {its_version}\n{rule}\n\n{copyright_text}"
    for name in sorted(referred):
        text += f"\n{rule}\n/usr/share/common-licenses/{name}\n{rule}\n\n{read(f'/usr/share/common-licenses/{name}')}"
    return text


all_linked = {tool: archives_of(f"baton-{tool}") for tool in TOOLS}
all_headers = [of_package(name) for name in HEADERS_ONLY]
parts = {(source, its_version, terms): {"headers"} for source, its_version, terms in all_headers}
for archive in sorted({path for paths in all_linked.values() for path in paths}):
    parts.setdefault(component(archive), set()).add(os.path.basename(archive))
with open(f"{root}/share/doc/baton/THIRD-PARTY-NOTICES", "w", encoding="utf-8") as notes:
    notes.write(notices(parts))
print(json.dumps(document(all_linked, all_headers), indent=1))
