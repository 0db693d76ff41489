using Outerloop.Storage;

namespace Outerloop.Tests.Storage;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgres://me@db1:5433/runs", "Host=db1;Port=5433;Username=me;Database=runs;Search Path=outerloop_long")]
    [InlineData("postgres://db1/my%20runs", "Host=db1;Database=\"my runs\";Search Path=outerloop_long")]
    [InlineData("postgres:Host=/run/postgresql;SSL Mode=Require", "Host=/run/postgresql;SSL Mode=Require;Search Path=outerloop_long")]
    public void A_run_has_a_schema_of_its_name(string database, string address) =>
        Assert.Equal(Sorted(address), Sorted(PostgresAddress.OfRun(database, "long")["postgres:".Length..]));

    [Theory]
    [InlineData("postgres:")]
    [InlineData("postgres://")]
    [InlineData("postgres:Port=1")]
    [InlineData("postgres:Hots=db1")]
    [InlineData("postgres://db1/runs?password=secret")]
    [InlineData("postgres:Host=db1;Password=secret")]
    [InlineData("postgres:Host=db1;SSL Password=secret")]
    [InlineData("postgres:Password=secret")]
    [InlineData("postgres://me:secret@db1/runs")]
    [InlineData("postgres://me:secret@db1/runs?sslmode=require")]
    [InlineData("runs/long/store.sqlite")]
    public void What_is_no_address_or_tells_a_password_is_refused(string database)
    {
        InputException refusal = Assert.Throws<InputException>(() => PostgresAddress.OfRun(database, "long"));
        Assert.StartsWith("--store: ", refusal.Message);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("quote\"quote")]
    [InlineData("a-name-that-is-longer-than-what-postgresql-takes-for-a-name-of-anything")]
    public void A_name_that_PostgreSQL_would_change_is_refused(string run) =>
        Assert.StartsWith("--out: ", Assert.Throws<InputException>(() => PostgresAddress.OfRun("postgres:Host=db1", run)).Message);

    /// <summary>Without what every connection has.</summary>
    private static string Sorted(string pairs) => string.Join(
        ';', pairs.Split(';').Where(pair => pair.Split('=')[0] is not ("Application Name" or "Pooling" or "Max Auto Prepare" or "Keepalive")).Order(StringComparer.Ordinal));
}
