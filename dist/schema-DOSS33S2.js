import{d as e}from"./core-ESVWR5ZP.js";import"./runtime-3RNHDNP5.js";export{e as NormalizedSchema};
