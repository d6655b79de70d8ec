import{a,b}from"./clean-up-W6T7JJAE.js";import"./clock-TXZYSWAF.js";import"./runtime-3RNHDNP5.js";export{a as cleanUp,b as cleanedUpInWords};
