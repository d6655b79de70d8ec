import{a}from"./restore-service-QADKDUJA.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as restoreService};
