import{a,b,c}from"./settings-of-ZW7F3O4R.js";export{c as environmentOf,b as pathsOf,a as settingsOf};
