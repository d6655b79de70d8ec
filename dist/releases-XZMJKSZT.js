import{a,b,c,d}from"./releases-RRMIAKVA.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{c as describeTaskDefinition,d as isReturn,b as readReleases,a as versionOf};
