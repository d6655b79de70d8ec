import{a}from"./history-RBJVW4NJ.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as readDeploymentHistory};
