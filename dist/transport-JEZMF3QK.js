import{e as t}from"./core-SYNOSA4T.js";import"./runtime-3RNHDNP5.js";export{t as getSmithyContext};
