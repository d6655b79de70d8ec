import{a}from"./occasion-BE7R7NRW.js";import"./runtime-3RNHDNP5.js";export{a as changesRequest};
