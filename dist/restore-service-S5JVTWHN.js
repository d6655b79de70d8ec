import{b as a}from"./restore-service-IQD2L2N2.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as restoreService};
