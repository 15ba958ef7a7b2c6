#!/bin/sh
# Takes from a folder of Python's packages what the product never reads: tests, languages, headers, symbols; then compiles
# it, since nothing is written into the image when it runs.
set -eu
cd "$1"
find . -type d \( -name tests -o -name test -o -name __pycache__ -o -path ./lxml/includes \) -prune -exec rm -rf {} +
if [ -d botocore ]; then find botocore/data -mindepth 1 -maxdepth 1 -type d ! -name s3 ! -name sts -exec rm -rf {} +; fi
find . -type d -path '*/locale/*' -prune ! -name 'tr*' ! -name 'en*' ! -name __pycache__ -exec rm -rf {} +
find . -type f \( -name '*.c' -o -name '*.h' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.pyi' \) -delete
find . -type f -name '*.so' ! -path '*.libs/*' -exec strip --strip-unneeded {} \;
python3 -m compileall -q -j 0 .
