#!/bin/sh
echo account,second_factor
echo ann,on
