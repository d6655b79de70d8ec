import{a,b}from"./service-status-MWQNTI5T.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as isDrifted,b as statusOf};
