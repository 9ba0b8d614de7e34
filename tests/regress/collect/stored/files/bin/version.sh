#!/bin/sh
echo "list 1.4 for $DIRECTORY_TOKEN"
echo "of the directory"
