import{a,b}from"./images-LDTE3T7G.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{a as cleanUpImages,b as deletedInWords};
