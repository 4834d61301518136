{{%AUTOESCAPE context="HTML"}}</main>
<footer>
<p>relapse {{VERSION}} replays recorded failures against a running server and says, with evidence, whether each fix still holds. Run <code>{{RUN_ID}}</code>.</p>
</footer>
</body>
</html>
