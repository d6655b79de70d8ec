import{a,b,c,d}from"./releases-3YH5DRAL.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{c as describeTaskDefinition,d as isReturn,b as readReleases,a as versionOf};
