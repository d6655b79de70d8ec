import{a}from"./history-2RTDBL2Y.js";import"./clock-YYITXEHT.js";import"./runtime-3RNHDNP5.js";export{a as readDeploymentHistory};
