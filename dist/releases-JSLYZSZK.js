import{a,b,c,d}from"./releases-KU7TMG4U.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{c as describeTaskDefinition,d as isReturn,b as readReleases,a as versionOf};
