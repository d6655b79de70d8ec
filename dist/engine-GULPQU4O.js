import{f as a,g as b,h as c}from"./engine-EI75ZA76.js";import"./runtime-3RNHDNP5.js";export{a as EngineRefusal,c as connectDocker,b as connectEngine};
