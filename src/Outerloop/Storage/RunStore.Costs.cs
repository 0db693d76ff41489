using System.Data.Common;
using Dapper;

namespace Outerloop.Storage;

/// <content>What the run cost and what it was made from.</content>
public sealed partial class RunStore
{
    private const string ServerPrefix = "server:";

    public async Task AddCosts(IReadOnlyCollection<Cost> costs, CancellationToken cancellation) =>
        await InTransaction(transaction => Add(costs, transaction), cancellation);

    /// <summary>Sums by generation, phase and quantity.</summary>
    public async Task<IReadOnlyList<Cost>> Costs(string domain) =>
    [
        .. await Query<Cost>(
            "SELECT domain AS Domain, generation AS Generation, phase AS Phase, quantity AS Quantity, amount AS Amount FROM cost WHERE domain = @domain ORDER BY generation, phase, quantity",
            new { domain }),
    ];

    /// <summary>The sum of a quantity over the whole run.</summary>
    public async Task<double> Total(Quantity quantity) =>
        (await Query<double>("SELECT COALESCE(SUM(amount), 0.0) FROM cost WHERE quantity = @quantity", new { quantity = Code.Of(quantity) })).Single();

    /// <summary>Records what the run is made from, its prompt's hash for example; the first word counts.</summary>
    /// <returns>What is on record now.</returns>
    public async Task<string> Origin(string name, string value, CancellationToken cancellation)
    {
        await InTransaction(
            transaction => _connection.ExecuteAsync("INSERT INTO origin (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING", new { name, value }, transaction),
            cancellation);
        return (await FindOrigin(name))!;
    }

    /// <summary>What is on record; null if nothing is.</summary>
    public async Task<string?> FindOrigin(string name) => (await Query<string>("SELECT value FROM origin WHERE name = @name", new { name })).SingleOrDefault();

    /// <summary>Puts down that a server, by its version and fingerprint, has answered.</summary>
    public Task AddServer(string server, CancellationToken cancellation) => Origin(ServerPrefix + server, server, cancellation);

    /// <summary>The servers that have answered, by their versions and fingerprints.</summary>
    public async Task<IReadOnlyList<string>> Servers() =>
        [.. (await Query<string>($"SELECT value FROM origin WHERE name LIKE '{ServerPrefix}%'", new { })).Order(StringComparer.Ordinal)];

    /// <summary>In one order everywhere, so that no two workers wait for each other.</summary>
    private static Task Add(IEnumerable<Cost> costs, DbTransaction transaction) => RowStatement.Execute(
        """
        INSERT INTO cost (domain, generation, phase, quantity, amount) VALUES (@Domain, @Generation, @Phase, @Quantity, @Amount)
        ON CONFLICT (domain, generation, phase, quantity) DO UPDATE SET amount = cost.amount + excluded.amount
        """,
        [
            .. costs.GroupBy(cost => cost with { Amount = 0 }, (key, same) => key with { Amount = same.Sum(cost => cost.Amount) })
                .OrderBy(cost => $"{cost.Domain} {cost.Generation} {cost.Phase} {cost.Quantity}", StringComparer.Ordinal),
        ],
        transaction);
}
