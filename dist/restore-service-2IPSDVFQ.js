import{b as a}from"./restore-service-4S2BLKOA.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as restoreService};
