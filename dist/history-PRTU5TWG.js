import{a}from"./history-MGKNMXIT.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{a as readDeploymentHistory};
